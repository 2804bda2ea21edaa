/** The names of workloads and members as they stand in messages. */
package io.memorymachine.contract.workload;
