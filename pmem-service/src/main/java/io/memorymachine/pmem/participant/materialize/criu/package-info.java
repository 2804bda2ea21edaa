/** Materialization with CRIU, inside the namespaces and cgroups of the placeholder. */
package io.memorymachine.pmem.participant.materialize.criu;
