/** The HTTP interface: what is on this node. */
package io.memorymachine.pmem.inbound.http;
