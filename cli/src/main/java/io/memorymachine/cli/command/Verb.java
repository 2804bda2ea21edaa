package io.memorymachine.cli.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import io.memorymachine.cli.Environment;
import io.memorymachine.cli.Mvmcli;
import io.memorymachine.client.Api;

/** What every verb has at hand. */
abstract class Verb implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    CommandSpec spec() {
        return spec;
    }

    Environment environment() {
        return root().environment();
    }

    PrintWriter out() {
        return environment().out();
    }

    PrintWriter err() {
        return environment().err();
    }

    Api api() {
        return root().api();
    }

    private Mvmcli root() {
        return (Mvmcli) spec.root().userObject();
    }
}
