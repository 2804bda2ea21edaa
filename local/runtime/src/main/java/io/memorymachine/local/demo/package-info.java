/** The demonstration: load, snapshot, destroy, restore, verify every entry, report. */
package io.memorymachine.local.demo;
