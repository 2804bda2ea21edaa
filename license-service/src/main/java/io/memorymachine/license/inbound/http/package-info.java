/** The HTTP interface: install, show, verify. */
package io.memorymachine.license.inbound.http;
