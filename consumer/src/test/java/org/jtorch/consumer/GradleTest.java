package org.jtorch.consumer;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of {@code src/it/class-path}, built and run by Gradle. Needs a Gradle on the PATH that knows this JDK. */
class GradleTest {

    @Test
    void aGradleProjectRuns(@TempDir Path project) throws Exception {
        require(onPath("gradle"), "there is no gradle on the PATH");
        Matcher version =
                Pattern.compile("(?m)^Gradle (\\d+)").matcher(Processes.run(project, List.of("gradle", "--version")));
        require(
                version.find() && Integer.parseInt(version.group(1)) >= 8,
                "the gradle on the PATH is older than 8, which the Kotlin DSL and this JDK need");

        Path sources = Path.of(System.getProperty("consumer.projects"), "class-path/src/main/java/app/Main.java");
        Path copy = project.resolve("src/main/java/app/Main.java");
        Files.createDirectories(copy.getParent());
        Files.copy(sources, copy);
        Files.writeString(project.resolve("settings.gradle.kts"), "rootProject.name = \"app\"\n");
        String jtorch = System.getProperty("consumer.version");
        Files.writeString(project.resolve("build.gradle.kts"), """
                plugins { application }
                repositories {
                    maven { url = uri("%s") }
                    maven {
                        url = uri("%s")
                        metadataSources { mavenPom(); artifact() }
                    }
                    mavenCentral()
                }
                dependencies {
                    implementation(platform("org.jtorch:jtorch-bom:%s"))
                    implementation("org.jtorch:jtorch-optim")
                    implementation("org.jtorch:jtorch-export")
                    runtimeOnly("org.jtorch:jtorch-natives-%s")
                }
                application { mainClass = "app.Main" }
                """.formatted(
                        Path.of(System.getProperty("consumer.repository")).toUri(),
                        Path.of(System.getProperty("consumer.localRepository")).toUri(),
                        jtorch,
                        System.getProperty("consumer.natives")));
        String out = Processes.run(project, List.of("gradle", "--no-daemon", "-q", "run"));
        assertTrue(out.contains("consumer: trained, saved and loaded"), out);
    }

    /** Skips the test, and says why in the log of the build. */
    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            System.out.println("The Gradle test is skipped: " + otherwise);
        }
        assumeTrue(condition, otherwise);
    }

    private static boolean onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
