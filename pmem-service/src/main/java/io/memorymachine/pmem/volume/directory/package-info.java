/** The volume in a folder that is provided. */
package io.memorymachine.pmem.volume.directory;
