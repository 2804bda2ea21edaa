/** The volume on a persistent memory device. */
package io.memorymachine.pmem.volume.fsdax;
