package io.memorymachine.local.container;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Images out of an archive, without a registry and without a container engine. */
class ServiceImagesTest {
    @TempDir
    Path folder;

    private Path base;
    private Path application;
    private ServiceImages images;

    @BeforeEach
    void build() throws Exception {
        base = folder.resolve("base.tar");
        Jib.fromScratch()
                .addLayer(List.of(Files.writeString(folder.resolve("os-release"), "ID=test\n")), "/etc")
                .addEnvironmentVariable("LANG", "C.UTF-8")
                .containerize(Containerizer.to(TarImage.at(base).named("base:1"))
                        .setBaseImageLayersCache(folder.resolve("cache"))
                        .setApplicationLayersCache(folder.resolve("cache")));
        application = folder.resolve("quarkus-app");
        for (String file : List.of("lib/main/a.jar", "quarkus/generated.jar", "app/service.jar", "quarkus-run.jar")) {
            Files.createDirectories(application.resolve(file).getParent());
            Files.writeString(application.resolve(file), file);
        }
        images = new ServiceImages(base.toString(), false, folder.resolve("layers"));
    }

    @Test
    void aServiceRunsAsAUserOfItsOwnOnItsBase() throws Exception {
        Path archive = folder.resolve("service.tar");

        String digest = images.write(images.service(application), "memory-machine/service:1", archive);

        assertThat(digest).matches("sha256:[0-9a-f]{64}");
        Map<String, byte[]> content = read(Files.newInputStream(archive));
        JsonNode manifest =
                new ObjectMapper().readTree(content.get("manifest.json")).get(0);
        assertThat(manifest.get("RepoTags").get(0).asText()).isEqualTo("memory-machine/service:1");
        JsonNode config = new ObjectMapper()
                .readTree(content.get(manifest.get("Config").asText()))
                .get("config");
        assertThat(config.get("User").asText()).isEqualTo("10001:10001");
        assertThat(config.get("WorkingDir").asText()).isEqualTo("/opt/memory-machine/application");
        assertThat(config.get("Entrypoint"))
                .extracting(JsonNode::asText)
                .startsWith("java")
                .endsWith("quarkus-run.jar");
        assertThat(config.get("Env")).extracting(JsonNode::asText).contains("LANG=C.UTF-8");
        assertThat(files(content, manifest).keySet())
                .contains(
                        "etc/os-release",
                        "opt/memory-machine/application/lib/main/a.jar",
                        "opt/memory-machine/application/app/service.jar",
                        "opt/memory-machine/application/quarkus-run.jar");
    }

    @Test
    void twoBuildsGiveOneDigest() throws Exception {
        String first = images.write(images.service(application), "s:1", folder.resolve("1.tar"));
        String second = new ServiceImages(base.toString(), false, folder.resolve("other"))
                .write(images.service(application), "s:1", folder.resolve("2.tar"));

        assertThat(second).isEqualTo(first);
    }

    @Test
    void theNodesServiceCarriesItsProgramsAndTools() throws Exception {
        Path programs = Files.createDirectories(folder.resolve("native/criu")).getParent();
        Files.writeString(programs.resolve("mm-init"), "elf");
        Files.writeString(programs.resolve("criu/criu"), "elf");
        Path tools = folder.resolve("tools");
        NodeTools.collect(tools);
        Path archive = folder.resolve("pmem.tar");

        images.write(images.nodeService(application, programs, tools), "pmem:1", archive);

        Map<String, byte[]> content = read(Files.newInputStream(archive));
        JsonNode manifest =
                new ObjectMapper().readTree(content.get("manifest.json")).get(0);
        Map<String, Integer> files = files(content, manifest);
        for (String program : List.of(
                "opt/memory-machine/bin/mm-init",
                "opt/memory-machine/bin/criu/criu",
                "usr/local/sbin/mkfs.xfs",
                "usr/local/sbin/xfs_io",
                "usr/local/sbin/xfs_spaceman",
                "usr/local/sbin/tar",
                "opt/memory-machine/tools/mkfs.xfs.program",
                "opt/memory-machine/tools/ld-linux-x86-64.so.2")) {
            assertThat(files).containsKey(program);
            assertThat(files.get(program) & 0111).as(program).isEqualTo(0111);
        }
    }

    @Test
    void theToolsRunByTheirOwnLoader() throws Exception {
        Path tools = folder.resolve("tools");
        NodeTools.collect(tools);
        Path loader = tools.resolve("lib/ld-linux-x86-64.so.2");
        assertThat(loader.toFile().setExecutable(true)).isTrue();

        Process version = new ProcessBuilder(
                        loader.toString(),
                        "--library-path",
                        tools.resolve("lib").toString(),
                        tools.resolve("lib/mkfs.xfs.program").toString(),
                        "-V")
                .redirectErrorStream(true)
                .start();

        assertThat(new String(version.getInputStream().readAllBytes())).matches("mkfs\\.xfs\\S* version [0-9.]+\\s*");
    }

    @Test
    void aBaseThatIsNotThereIsNamed() {
        ServiceImages none = new ServiceImages("127.0.0.1:1/nobody/nothing:1", true, folder.resolve("layers"));

        assertThatThrownBy(() -> none.write(none.service(application), "s:1", folder.resolve("s.tar")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:1/nobody/nothing:1");
    }

    private static Map<String, Integer> files(Map<String, byte[]> archive, JsonNode manifest) throws IOException {
        Map<String, Integer> modes = new TreeMap<>();
        for (JsonNode layer : manifest.get("Layers")) {
            try (TarArchiveInputStream tar = new TarArchiveInputStream(
                    new GZIPInputStream(new ByteArrayInputStream(archive.get(layer.asText()))))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    modes.put(entry.getName().replaceFirst("^/", ""), entry.getMode());
                }
            }
        }
        return modes;
    }

    private static Map<String, byte[]> read(InputStream archive) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        return files;
    }
}
