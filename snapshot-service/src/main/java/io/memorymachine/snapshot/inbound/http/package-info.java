/** The HTTP interface: decodes, validates, hands over. */
package io.memorymachine.snapshot.inbound.http;
