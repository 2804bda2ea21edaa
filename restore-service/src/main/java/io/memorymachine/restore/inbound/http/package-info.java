/** The HTTP interface: decodes, validates, hands over. */
package io.memorymachine.restore.inbound.http;
