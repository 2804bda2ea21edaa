/** The benchmark: what is measured, how often, against what, and the report of it. */
package io.memorymachine.local.bench;
