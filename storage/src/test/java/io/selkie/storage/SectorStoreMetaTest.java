package io.selkie.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SectorStoreMetaTest {

  private static final String ID = "ef32797a-6288-4928-825d-10ec134ecd1d";

  @TempDir Path dir;

  @Test
  void write_newPath_hasTheReferencesMembersAndLayout() throws IOException {
    SectorStoreMeta.of(UUID.fromString(ID), true, true).write(dir);
    assertThat(dir.resolve("sectorstore.json"))
        .content()
        .isEqualTo(
            """
            {
              "ID": "ef32797a-6288-4928-825d-10ec134ecd1d",
              "Weight": 10,
              "CanSeal": true,
              "CanStore": true,
              "MaxStorage": 0,
              "Groups": null,
              "AllowTo": null,
              "AllowTypes": null,
              "DenyTypes": null,
              "AllowMiners": null,
              "DenyMiners": null
            }\
            """);
    assertThat(dir.resolve("sectorstore.json.tmp")).doesNotExist();
  }

  @Test
  void read_whatWasWritten_isEqual() throws IOException {
    SectorStoreMeta meta =
        new SectorStoreMeta(
            ID,
            3,
            false,
            true,
            1L << 50,
            List.of("a", "b"),
            List.of("b"),
            List.of("sealed", "cache"),
            List.of("unsealed"),
            List.of("f01000"),
            List.of("t01001"));
    meta.write(dir);
    assertThat(SectorStoreMeta.read(dir)).isEqualTo(meta);
    assertThat(Files.readString(dir.resolve("sectorstore.json")))
        .contains("  \"Groups\": [\n    \"a\",\n    \"b\"\n  ],\n");
  }

  @Test
  void read_olderFileWithoutLists_takesDefaults() throws IOException {
    write("{\"ID\":\"" + ID + "\",\"Weight\":10,\"CanSeal\":true,\"CanStore\":false}");
    assertThat(SectorStoreMeta.read(dir))
        .isEqualTo(SectorStoreMeta.of(UUID.fromString(ID), true, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | damaged",
        "{ | damaged",
        "[] | no JSON object",
        "{} | member 'ID' is absent",
        "{\"ID\":\"x\"} | ID 'x' is not a lower-case UUID",
        "{\"ID\":\"EF32797A-6288-4928-825D-10EC134ECD1D\"} | not a lower-case UUID",
        "{\"ID\":\"" + ID + "\",\"Weight\":-1} | Weight -1 is negative",
        "{\"ID\":\"" + ID + "\",\"Weight\":1.5} | member 'Weight' is 1.5, expected a whole number",
        "{\"ID\":\"" + ID + "\",\"MaxStorage\":18446744073709551615} | member 'MaxStorage'",
        "{\"ID\":\"" + ID + "\",\"CanSeal\":1} | member 'CanSeal' is 1, expected true or false",
        "{\"ID\":\"" + ID + "\",\"ID\":\"" + ID + "\"} | Duplicate",
        "{\"ID\":\"" + ID + "\"} x | damaged",
        "{\"ID\":\"" + ID + "\",\"Groups\":[1]} | member 'Groups'",
        "{\"ID\":\"" + ID + "\",\"AllowTypes\":[\"seald\"]} | unknown file kind 'seald'",
        "{\"ID\":\"" + ID + "\",\"DenyMiners\":[\"1000\"]} | no actor address"
      })
  void read_wrongFile_namesFileAndMember(String content, String message) throws IOException {
    write(content);
    assertThatThrownBy(() -> SectorStoreMeta.read(dir))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(dir.resolve("sectorstore.json").toString())
        .hasMessageContaining(message);
  }

  @Test
  void read_absentFile_saysItIsNoStoragePath() {
    assertThatThrownBy(() -> SectorStoreMeta.read(dir))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holds no sectorstore.json");
  }

  @Test
  void storageJson_addAndRemove_keepsTheReferencesFormat() throws IOException {
    StoragePathsFile file = new StoragePathsFile(dir);
    assertThat(file.read()).isEmpty();
    file.add(Path.of("/a/b"));
    file.add(Path.of("/c"));
    file.add(Path.of("/c"));
    assertThat(dir.resolve("storage.json"))
        .content()
        .isEqualTo(
            """
            {
              "StoragePaths": [
                {
                  "Path": "/a/b"
                },
                {
                  "Path": "/c"
                }
              ]
            }\
            """);
    file.remove(Path.of("/a/b"));
    assertThat(file.read()).containsExactly(Path.of("/c"));
    assertThatThrownBy(() -> file.remove(Path.of("/a/b")))
        .hasMessage("path not found in storage.json");
  }

  @Test
  void write_membersOfAnotherProgram_areKept() throws IOException {
    write("{\"ID\":\"" + ID + "\",\"CanSeal\":true,\"Extra\":{\"a\":[1]},\"Weigth\":5}");
    SectorStoreMeta meta = SectorStoreMeta.read(dir);
    assertThat(SectorStoreMeta.unknownMembers(dir)).containsExactly("Extra", "Weigth");
    meta.withWeight(7).write(dir);
    assertThat(SectorStoreMeta.read(dir)).isEqualTo(meta.withWeight(7));
    assertThat(SectorStoreMeta.unknownMembers(dir)).containsExactly("Extra", "Weigth");
    assertThat(Files.readString(dir.resolve("sectorstore.json"))).contains("\"a\": [");
  }

  @Test
  void write_overADamagedFile_leavesIt() throws IOException {
    write("{\"ID\":");
    assertThatThrownBy(() -> SectorStoreMeta.of(UUID.fromString(ID), true, true).write(dir))
        .hasMessageContaining("sectorstore.json");
    assertThat(dir.resolve("sectorstore.json")).hasContent("{\"ID\":");
  }

  @Test
  void storageJson_membersOfAnotherProgram_areKept() throws IOException {
    Files.writeString(
        dir.resolve("storage.json"),
        "{\"Other\":1,\"StoragePaths\":[{\"Path\":\"/a\",\"Note\":\"x\"},{\"Path\":\"/b\"}]}");
    StoragePathsFile file = new StoragePathsFile(dir);
    file.add(Path.of("/c"));
    file.remove(Path.of("/b"));
    assertThat(file.read()).containsExactly(Path.of("/a"), Path.of("/c"));
    assertThat(Files.readString(dir.resolve("storage.json")))
        .contains("\"Other\": 1", "\"Note\": \"x\"");
  }

  @Test
  void storageJson_damaged_namesTheFile() throws IOException {
    Files.writeString(dir.resolve("storage.json"), "{\"StoragePaths\":[{\"Path\":1}]}");
    assertThatThrownBy(() -> new StoragePathsFile(dir).read())
        .hasMessageContaining("storage.json")
        .hasMessageContaining("'Path'");
  }

  private void write(String content) throws IOException {
    Files.writeString(dir.resolve("sectorstore.json"), content);
  }
}
