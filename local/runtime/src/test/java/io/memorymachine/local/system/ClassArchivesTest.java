package io.memorymachine.local.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ClassArchivesTest {
    @TempDir
    private Path root;

    private Installation installation;

    @BeforeEach
    void builtOnce() throws IOException {
        installation = new Installation(root);
        Files.createDirectories(installation.brokerArchive().getParent());
        for (ServiceProcess service : ServiceProcess.values()) {
            Files.createDirectories(installation.application(service));
            Files.writeString(archive(service), "of the build");
        }
    }

    @Test
    void aServiceStartsWithTheArchiveThatIsThere() {
        assertThat(ClassArchives.use(installation).options(ServiceProcess.LICENSE))
                .containsExactly("-XX:SharedArchiveFile=" + archive(ServiceProcess.LICENSE));
    }

    @Test
    void aServiceWithoutAnArchiveStartsAllTheSame() throws IOException {
        Files.delete(archive(ServiceProcess.LICENSE));

        assertThat(ClassArchives.use(installation).options(ServiceProcess.LICENSE))
                .isEmpty();
    }

    @Test
    void theBrokerHasNoArchiveUnderAClassPathOfFolders() throws IOException {
        Files.writeString(installation.brokerArchive(), "of a run");

        assertThat(ClassArchives.use(installation).brokerOptions()).isEmpty();
        assertThat(ClassArchives.make(installation).brokerOptions()).isEmpty();
    }

    @Test
    void whatATrainingRunWroteTakesThePlaceOfTheBuilds() throws IOException {
        ClassArchives archives = ClassArchives.make(installation);
        for (ServiceProcess service : ServiceProcess.values()) {
            Files.writeString(written(archives.options(service).get(0)), "of a run");
        }
        Files.writeString(installation.brokerArchive().resolveSibling("kafka-cds.jsa.training"), "of a run");

        archives.take();

        for (ServiceProcess service : ServiceProcess.values()) {
            assertThat(archive(service)).hasContent("of a run");
            assertThat(written(archives.options(service).get(0))).doesNotExist();
        }
        assertThat(installation.brokerArchive()).hasContent("of a run");
    }

    @Test
    void aProgramThatWroteNothingIsNoticedAndTheBuildsArchiveStays() throws IOException {
        ClassArchives archives = ClassArchives.make(installation);
        Files.writeString(installation.brokerArchive().resolveSibling("kafka-cds.jsa.training"), "of a run");

        assertThatThrownBy(archives::take).isInstanceOf(NoSuchFileException.class);

        assertThat(archive(ServiceProcess.LICENSE)).hasContent("of the build");
    }

    private Path archive(ServiceProcess service) {
        return installation.application(service).resolve("app-cds.jsa");
    }

    private static Path written(String option) {
        return Path.of(option.substring("-XX:ArchiveClassesAtExit=".length()));
    }
}
