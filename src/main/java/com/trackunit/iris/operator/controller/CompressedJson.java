package com.trackunit.iris.operator.controller;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps similar objects in a few hundred bytes each: as JSON, compressed (RFC 1951) with the first
 * object as dictionary.
 */
final class CompressedJson<T> {
  private final KubernetesSerialization json;
  private final Class<T> type;
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final Inflater inflater = new Inflater(true);
  private byte @Nullable [] dictionary;

  CompressedJson(KubernetesSerialization json, Class<T> type) {
    this.json = json;
    this.type = type;
  }

  synchronized byte[] pack(T object) {
    byte[] bytes = json.asJson(object).getBytes(StandardCharsets.UTF_8);
    if (dictionary == null) {
      dictionary = bytes;
    }
    deflater.reset();
    deflater.setDictionary(dictionary);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream into = new DeflaterOutputStream(packed, deflater)) {
      into.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  T unpack(byte[] packed) {
    return json.unmarshal(inflated(packed), type);
  }

  private synchronized String inflated(byte[] packed) {
    inflater.reset();
    inflater.setDictionary(dictionary);
    try (InflaterInputStream from =
        new InflaterInputStream(new ByteArrayInputStream(packed), inflater)) {
      return new String(from.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
