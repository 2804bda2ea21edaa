/** A node without kernel features: processes that are files, and captures that copy nothing. */
package io.memorymachine.pmem.fakes;
