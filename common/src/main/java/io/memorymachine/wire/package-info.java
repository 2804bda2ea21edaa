/** Messages as they stand on Kafka: CloudEvents 1.0 in binary mode, JSON data. */
package io.memorymachine.wire;
