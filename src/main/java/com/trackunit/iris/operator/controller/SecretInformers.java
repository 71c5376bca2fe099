package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.health.Restart;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.LoginState;
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
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The watches on Secrets, and what they know: target Secrets and labelled credentials Secrets as
 * fingerprints.
 *
 * <p>Each namespace has watches of its own, because a store serves one watch only. Nothing here
 * calls the API server.
 */
public final class SecretInformers implements SecretCache {
  /** A credentials Secret with this label is watched; one without it is looked at. */
  static final String LOGIN_SELECTOR = "iris.trackunit.com/credentials=true";

  /** So many objects a page when a watch begins: a list of thousands needs its room only once. */
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

  /** Makes the watches of each namespace whose credentials are watched; called once. */
  List<EventSource<?, IrisCredential>> prepare(EventSourceContext<IrisCredential> context) {
    IndexerResourceCache<IrisCredential> primaries = context.getPrimaryCache();
    credentials = primaries;
    primaries.addIndexer(BY_TARGET, credential -> List.of(key(target(credential))));
    primaries.addIndexer(BY_LOGIN, credential -> List.of(key(login(credential))));
    for (String namespace :
        context.getControllerConfiguration().getInformerConfig().getNamespaces()) {
      targets.put(namespace, watchTargets(context, namespace));
      logins.put(namespace, watchLogins(context, namespace));
    }
    List<EventSource<?, IrisCredential>> sources = new ArrayList<>(targets.values());
    sources.addAll(logins.values());
    return sources;
  }

  private static InformerEventSource<Secret, IrisCredential> watchTargets(
      EventSourceContext<IrisCredential> context, String namespace) {
    return watch(
        context,
        namespace,
        "targets",
        SecretMetadata.SELECTOR,
        RedactedSecret::of,
        BY_TARGET,
        SecretInformers::target);
  }

  private static InformerEventSource<Secret, IrisCredential> watchLogins(
      EventSourceContext<IrisCredential> context, String namespace) {
    return watch(
        context,
        namespace,
        "logins",
        LOGIN_SELECTOR,
        RedactedSecret::salted,
        BY_LOGIN,
        SecretInformers::login);
  }

  private static InformerEventSource<Secret, IrisCredential> watch(
      EventSourceContext<IrisCredential> context,
      String namespace,
      String name,
      String selector,
      UnaryOperator<Secret> reduction,
      String index,
      Function<IrisCredential, ResourceID> secretOf) {
    IndexerResourceCache<IrisCredential> credentials = context.getPrimaryCache();
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(Secret.class, IrisCredential.class)
            .withName(name + "-" + namespace)
            .withNamespaces(Set.of(namespace))
            .withLabelSelector(selector)
            .withItemStore(new RedactingStore(reduction))
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
   * Whether a change of a credential makes another one of it, or is one of its spec, or asks for a
   * renewal; not whether it is one of its status.
   */
  public static boolean isWorthALook(IrisCredential now, IrisCredential before) {
    // One that was deleted and made again within one event begins with the same generation.
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

  /** One that is older than what the watch showed proves that the cluster was restored. */
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
  public Optional<LoginState> login(EffectiveSpec spec) {
    return of(logins, spec.namespace())
        .get(new ResourceID(spec.loginSecret(), spec.namespace()))
        .map(salted -> LoginState.of(salted, spec));
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
