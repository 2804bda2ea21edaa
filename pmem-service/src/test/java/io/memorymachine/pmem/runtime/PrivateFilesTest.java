package io.memorymachine.pmem.runtime;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PrivateFilesTest {
    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    Path folder;

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private Path openToAll(String name) throws IOException {
        Path file = Files.write(folder.resolve(name), new byte[] {9, 9, 9, 9, 9});
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFileIsPrivateWhileItIsBeingWritten() throws IOException {
        Path file = folder.resolve("file");

        try (FileChannel channel = PrivateFiles.create(file)) {
            assertThat(channel.isOpen()).isTrue();
            assertThat(mode(file)).isEqualTo("rw-------");
        }
    }

    @Test
    void whatIsThereIsNeitherOpenedNorFollowed() throws IOException {
        Path there = openToAll("there");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));

        for (Path file : List.of(there, link)) {
            assertThatThrownBy(() -> PrivateFiles.create(file).close()).isInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> PrivateFiles.createEmpty(file)).isInstanceOf(FileAlreadyExistsException.class);
        }
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void aCommandKeepsTheModeOfTheFileThatItWritesTo() throws Exception {
        Path file = PrivateFiles.createEmpty(folder.resolve("output"));

        int status = new ProcessBuilder("sh", "-c", "umask 0; echo hello")
                .redirectOutput(file.toFile())
                .start()
                .waitFor();

        assertThat(status).isZero();
        assertThat(file).hasContent("hello");
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void aFileThatWasOpenIsPrivateWhenItIsWrittenAgain() throws IOException {
        assertThat(mode(PrivateFiles.write(openToAll("written"), CONTENT))).isEqualTo("rw-------");
        Path replaced = openToAll("replaced");
        PrivateFiles.replace(replaced, CONTENT);

        assertThat(mode(replaced)).isEqualTo("rw-------");
        assertThat(folder.resolve("written")).hasBinaryContent(CONTENT);
        assertThat(replaced).hasBinaryContent(CONTENT);
    }

    @Test
    void aLinkIsReplacedAndWhatItLeadsToIsLeftAlone() throws IOException {
        Path outside = openToAll("outside");
        Path link = Files.createSymbolicLink(folder.resolve("link"), outside);

        PrivateFiles.write(link, CONTENT);

        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(outside).hasBinaryContent(new byte[] {9, 9, 9, 9, 9});
    }

    @Test
    void whatAReplacementThatDiedLeftIsInNobodysWay() throws IOException {
        openToAll("file" + PrivateFiles.UNFINISHED);

        PrivateFiles.replace(folder.resolve("file"), CONTENT);

        assertThat(names()).containsExactly("file");
        assertThat(folder.resolve("file")).hasBinaryContent(CONTENT);
        assertThat(mode(folder.resolve("file"))).isEqualTo("rw-------");
    }
}
