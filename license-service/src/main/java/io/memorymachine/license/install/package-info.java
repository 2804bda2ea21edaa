/** The installed licence: how it comes in, and what it says now. */
package io.memorymachine.license.install;
