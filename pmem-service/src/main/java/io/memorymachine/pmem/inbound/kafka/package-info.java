/** Commands from Kafka. */
package io.memorymachine.pmem.inbound.kafka;
