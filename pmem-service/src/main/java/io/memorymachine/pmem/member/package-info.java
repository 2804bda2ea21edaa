/** What runs in a member's container, read from the node's proc file system. */
package io.memorymachine.pmem.member;
