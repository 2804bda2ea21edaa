/** The pmem volume of a node: the port, its folders, its usage, and in subpackages its adapters. */
package io.memorymachine.pmem.volume;
