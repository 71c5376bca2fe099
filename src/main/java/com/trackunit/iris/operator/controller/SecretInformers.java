package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.health.Restart;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsVersion;
import com.trackunit.iris.operator.secret.RedactedSecret;
import com.trackunit.iris.operator.secret.SecretInspector;
import com.trackunit.iris.operator.secret.SecretMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Informers of target Secrets and of labelled credentials Secrets. They store fingerprints instead
 * of values.
 *
 * <p>Each namespace has informers of its own, because a store serves only one watch. No method
 * calls the API server.
 */
public final class SecretInformers implements SecretCache {
  /**
   * Label selector of the watched credentials Secrets. One without this label is read from the API
   * server instead.
   */
  static final String LOGIN_SELECTOR = "iris.trackunit.com/credentials=true";

  /** Objects per page when a watch begins, so that a list of thousands is not in memory twice. */
  public static final long PAGE = 500;

  private static final String BY_TARGET = "by-target";
  private static final String BY_LOGIN = "by-login";

  private final Restart restart;
  private @Nullable IndexerResourceCache<IrisCredential> credentials;
  private final Map<String, InformerEventSource<Secret, IrisCredential>> targets = new HashMap<>();
  private final Map<String, InformerEventSource<Secret, IrisCredential>> logins = new HashMap<>();

  public SecretInformers(Restart restart) {
    this.restart = restart;
  }

  /** Creates the informers of each watched namespace. Called once. */
  List<EventSource<?, IrisCredential>> prepare(EventSourceContext<IrisCredential> context) {
    IndexerResourceCache<IrisCredential> primaries = context.getPrimaryCache();
    credentials = primaries;
    primaries.addIndexer(BY_TARGET, credential -> List.of(key(target(credential))));
    primaries.addIndexer(BY_LOGIN, credential -> List.of(key(login(credential))));
    CompressedJson<Secret> json =
        new CompressedJson<>(context.getClient().getKubernetesSerialization(), Secret.class);
    for (String namespace :
        context.getControllerConfiguration().getInformerConfig().getNamespaces()) {
      targets.put(namespace, watchTargets(context, namespace, json));
      logins.put(namespace, watchLogins(context, namespace, json));
    }
    List<EventSource<?, IrisCredential>> sources = new ArrayList<>(targets.values());
    sources.addAll(logins.values());
    return sources;
  }

  private static InformerEventSource<Secret, IrisCredential> watchTargets(
      EventSourceContext<IrisCredential> context, String namespace, CompressedJson<Secret> json) {
    return watch(
        context,
        namespace,
        "targets",
        SecretMetadata.SELECTOR,
        new CompactStore(RedactedSecret::of, json),
        BY_TARGET,
        SecretInformers::target);
  }

  private static InformerEventSource<Secret, IrisCredential> watchLogins(
      EventSourceContext<IrisCredential> context, String namespace, CompressedJson<Secret> json) {
    return watch(
        context,
        namespace,
        "logins",
        LOGIN_SELECTOR,
        new CompactStore(RedactedSecret::salted, json),
        BY_LOGIN,
        SecretInformers::login);
  }

  private static InformerEventSource<Secret, IrisCredential> watch(
      EventSourceContext<IrisCredential> context,
      String namespace,
      String name,
      String selector,
      CompactStore store,
      String index,
      Function<IrisCredential, ResourceID> secretOf) {
    IndexerResourceCache<IrisCredential> credentials = context.getPrimaryCache();
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(Secret.class, IrisCredential.class)
            .withName(name + "-" + namespace)
            .withNamespaces(Set.of(namespace))
            .withLabelSelector(selector)
            .withItemStore(store)
            .withInformerListLimit(PAGE)
            .withSecondaryToPrimaryMapper(secret -> wokenBy(credentials, index, secret))
            .<IrisCredential>withPrimaryToSecondaryMapper(
                credential -> Set.of(secretOf.apply(credential)))
            .build(),
        context);
  }

  private static Set<ResourceID> wokenBy(
      IndexerResourceCache<IrisCredential> credentials, String index, Secret secret) {
    return credentials.byIndex(index, key(ResourceID.fromResource(secret))).stream()
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  /**
   * Whether an update requires a reconciliation: another UID, generation, deletion timestamp or
   * renewal request. A change of the status alone does not.
   */
  public static boolean needsReconcile(IrisCredential now, IrisCredential before) {
    // A credential that was deleted and created again within one event may have the same
    // generation.
    return !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid())
        || !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || !Objects.equals(
            EffectiveSpec.of(now).renewRequest(), EffectiveSpec.of(before).renewRequest());
  }

  @Override
  public Stream<IrisCredential> credentials() {
    return credentials == null ? Stream.empty() : credentials.list();
  }

  @Override
  public Optional<Target> target(EffectiveSpec spec, @Nullable StoredToken known) {
    return of(targets, spec.namespace())
        .get(new ResourceID(spec.targetSecret(), spec.namespace()))
        .map(digested -> new Target(digested, SecretInspector.read(digested, spec, known)));
  }

  /**
   * Also restarts the process if the written version is older than the cached one: that proves that
   * etcd was restored from a backup.
   */
  @Override
  public void written(Secret digested) {
    ResourceID id = ResourceID.fromResource(digested);
    InformerEventSource<Secret, IrisCredential> source =
        of(targets, digested.getMetadata().getNamespace());
    source
        .get(id)
        .ifPresent(
            seen ->
                restart.unlessNewer(
                    seen.getMetadata().getResourceVersion(),
                    digested.getMetadata().getResourceVersion(),
                    "Secret " + key(id)));
    source.handleRecentResourceUpdate(id, digested, digested);
  }

  @Override
  public Optional<CredentialsVersion> login(EffectiveSpec spec) {
    return of(logins, spec.namespace())
        .get(new ResourceID(spec.loginSecret(), spec.namespace()))
        .map(salted -> CredentialsVersion.of(salted, spec));
  }

  private static InformerEventSource<Secret, IrisCredential> of(
      Map<String, InformerEventSource<Secret, IrisCredential>> sources, String namespace) {
    InformerEventSource<Secret, IrisCredential> all = sources.get(Constants.WATCH_ALL_NAMESPACES);
    InformerEventSource<Secret, IrisCredential> source = all != null ? all : sources.get(namespace);
    if (source == null) {
      throw new IllegalStateException("namespace " + namespace + " is not watched");
    }
    return source;
  }

  private static ResourceID target(IrisCredential credential) {
    EffectiveSpec spec = EffectiveSpec.of(credential);
    return new ResourceID(spec.targetSecret(), spec.namespace());
  }

  private static ResourceID login(IrisCredential credential) {
    EffectiveSpec spec = EffectiveSpec.of(credential);
    return new ResourceID(spec.loginSecret(), spec.namespace());
  }

  private static String key(ResourceID id) {
    return id.getNamespace().orElse("") + "/" + id.getName();
  }
}
