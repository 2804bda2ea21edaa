/** External commands, files and configuration that the parts of the service share. */
package io.memorymachine.pmem.runtime;
