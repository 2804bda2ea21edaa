package io.memorymachine.platform.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import io.memorymachine.contract.workload.MemberRef;

/**
 * The hosts file that all members share.
 *
 * <p>It is bind-mounted into running containers, so it is written in place: a rename would leave them the old file. A line
 * is as long whatever the address, so that a change of addresses changes no length, and a reader in between sees lines
 * that are whole.
 */
final class HostsFile {
    private final Path file;

    HostsFile(Path file) {
        this.file = file;
    }

    /** Writes the names of these members and of their services, and nothing else but localhost. */
    void write(Iterable<Entry> entries) {
        StringBuilder text = new StringBuilder("127.0.0.1       localhost\n");
        for (Entry entry : entries) {
            text.append(String.format("%-15s %s%n", entry.address(), String.join(" ", entry.names())));
        }
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long length = bytes.remaining();
                channel.write(bytes, 0);
                channel.truncate(length);
            }
        } catch (IOException e) {
            throw new LocalPlatformException("the hosts file " + file + " cannot be written", e);
        }
    }

    /**
     * What a hosts file says, first line first, as the resolver reads it.
     *
     * @return each name with its addresses; nothing if there is no such file
     */
    static Map<String, List<String>> read(Path hosts) {
        SortedMap<String, List<String>> found = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(hosts)) {
                String[] words = line.replaceFirst("#.*", "").trim().split("\\s+");
                for (int i = 1; i < words.length; i++) {
                    found.computeIfAbsent(words[i], name -> new ArrayList<>()).add(words[0]);
                }
            }
            return found;
        } catch (NoSuchFileException e) {
            return found;
        } catch (IOException e) {
            throw new LocalPlatformException(hosts + " cannot be read", e);
        }
    }

    /** A line: an address and its names, the first of which is the canonical one. */
    record Entry(String address, List<String> names) {
        /** The names that a member has on Kubernetes, and the name of its service. */
        static Entry of(MemberRef member, String service, String address) {
            String name = member.pod() + "." + service;
            String namespace = member.workload().namespace();
            return new Entry(
                    address,
                    List.of(
                            name,
                            name + "." + namespace,
                            name + "." + namespace + ".svc.cluster.local",
                            member.pod(),
                            service));
        }
    }
}
