package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.health.CachedList;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsVersion;
import com.trackunit.iris.operator.secret.RedactedSecret;
import com.trackunit.iris.operator.secret.SecretInspector;
import com.trackunit.iris.operator.secret.SecretMetadata;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.EventSourceRetriever;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collector;
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
  /** Objects per page when a watch begins, so that a list of thousands is not in memory twice. */
  public static final long PAGE = 500;

  private static final String BY_TARGET = "by-target";
  private static final String BY_LOGIN = "by-login";

  private final SimpleInboundEventSource<IrisCredential> wakeUps =
      new SimpleInboundEventSource<>("wake-ups");
  private @Nullable IndexerResourceCache<IrisCredential> credentials;
  private final Map<String, InformerEventSource<Secret, IrisCredential>> targets =
      new ConcurrentHashMap<>();
  private final Map<String, InformerEventSource<Secret, IrisCredential>> logins =
      new ConcurrentHashMap<>();

  /** Wakes every credential now, instead of when its timer ends. */
  public void wakeAll() {
    credentials().map(ResourceID::fromResource).forEach(wakeUps::propagateEvent);
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
    sources.add(wakeUps);
    return sources;
  }

  /** Adds the informers of one more namespace; returns when they have listed their Secrets. */
  public void add(String namespace, EventSourceRetriever<IrisCredential> sources) {
    EventSourceContext<IrisCredential> context = sources.eventSourceContextForDynamicRegistration();
    CompressedJson<Secret> json =
        new CompressedJson<>(context.getClient().getKubernetesSerialization(), Secret.class);
    targets.put(namespace, started(sources, watchTargets(context, namespace, json)));
    logins.put(namespace, started(sources, watchLogins(context, namespace, json)));
  }

  private static InformerEventSource<Secret, IrisCredential> started(
      EventSourceRetriever<IrisCredential> sources,
      InformerEventSource<Secret, IrisCredential> source) {
    return (InformerEventSource<Secret, IrisCredential>)
        sources.dynamicallyRegisterEventSource(source);
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
        SecretMetadata.LOGIN_SELECTOR,
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
   * Whether an update requires a reconciliation: it changed what the operator reads of a
   * credential. The status and other annotations are no part of that. A credential that was deleted
   * and created again within one event has another UID.
   */
  public static boolean needsReconcile(IrisCredential now, IrisCredential before) {
    return !EffectiveSpec.of(now).equals(EffectiveSpec.of(before));
  }

  @Override
  public Stream<IrisCredential> credentials() {
    return credentials == null ? Stream.empty() : credentials.list();
  }

  @Override
  public Optional<Target> target(EffectiveSpec spec, @Nullable StoredToken known) {
    return of(targets, spec.namespace())
        .get(new ResourceID(spec.targetSecret(), spec.namespace()))
        .map(redacted -> new Target(redacted, SecretInspector.read(redacted, spec, known)));
  }

  @Override
  public void written(Secret redacted) {
    of(targets, redacted.getMetadata().getNamespace())
        .handleRecentResourceUpdate(ResourceID.fromResource(redacted), redacted, redacted);
  }

  /**
   * What is cached, for a comparison with the API server.
   *
   * @param selector the label selector of the credentials
   */
  public List<CachedList> caches(String selector) {
    return List.of(
        new CachedList("iriscredentials", selector, this::credentialVersions),
        new CachedList(
            "secrets",
            SecretMetadata.SELECTOR,
            namespace ->
                versions(of(targets, namespace), owned(namespace, SecretInformers::target))),
        new CachedList(
            "secrets",
            SecretMetadata.LOGIN_SELECTOR,
            namespace -> versions(of(logins, namespace), Set.of())));
  }

  private Map<ResourceID, String> credentialVersions(String namespace) {
    return owned(namespace, ResourceID::fromResource).stream()
        .flatMap(id -> Objects.requireNonNull(credentials).get(id).stream())
        .collect(versionsById());
  }

  // A Secret that was written a moment ago is cached although no watch has told of it.
  private static Map<ResourceID, String> versions(
      InformerEventSource<Secret, IrisCredential> source, Set<ResourceID> owned) {
    return Stream.concat(source.keys(), owned.stream())
        .distinct()
        .flatMap(id -> source.get(id).stream())
        .collect(versionsById());
  }

  private static <T extends HasMetadata> Collector<T, ?, Map<ResourceID, String>> versionsById() {
    return Collectors.toMap(
        ResourceID::fromResource, object -> object.getMetadata().getResourceVersion());
  }

  private Set<ResourceID> owned(String namespace, Function<IrisCredential, ResourceID> of) {
    return credentials()
        .filter(
            credential ->
                namespace.equals(Constants.WATCH_ALL_NAMESPACES)
                    || namespace.equals(credential.getMetadata().getNamespace()))
        .map(of)
        .collect(Collectors.toSet());
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
