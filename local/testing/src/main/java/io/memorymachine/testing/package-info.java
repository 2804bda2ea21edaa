/** What the tests of several services share: sagas told as stories, and participants that a test plays. */
package io.memorymachine.testing;
