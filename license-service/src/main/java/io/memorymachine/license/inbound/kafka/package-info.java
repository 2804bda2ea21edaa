/** What arrives on Kafka: commands for the handlers, and the nodes' reports. */
package io.memorymachine.license.inbound.kafka;
