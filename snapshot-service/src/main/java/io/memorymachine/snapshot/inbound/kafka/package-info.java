/** Commands, replies and facts from Kafka. */
package io.memorymachine.snapshot.inbound.kafka;
