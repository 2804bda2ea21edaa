/** The message contracts, one package a participant. Imports only the JDK and Jackson annotations. */
package io.memorymachine.contract;
