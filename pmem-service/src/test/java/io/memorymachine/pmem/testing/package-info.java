/** Real containers and the application that runs in them. */
package io.memorymachine.pmem.testing;
