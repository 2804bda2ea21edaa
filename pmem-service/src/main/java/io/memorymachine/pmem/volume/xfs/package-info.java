/** The volume on a loop device with XFS. */
package io.memorymachine.pmem.volume.xfs;
