/** Commands, replies and facts as they arrive from Kafka; each is handed over as it is. */
package io.memorymachine.restore.inbound.kafka;
