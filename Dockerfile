# The operator and what it needs to run, from a clone and with nothing but a container builder:
#   docker build --build-arg REVISION="$(git rev-parse HEAD)" --tag ghcr.io/trackunit/iris-credential-operator:0.1.0 .
# With a jar that ./mvnw package has made already, which takes the place of the stage of that name:
#   docker build --build-context jar=target --tag … .
# The two bases, here and nowhere else: by tag to read, by digest (of the list for amd64 and arm64) to pull. Renovate changes both.
ARG JDK_IMAGE=docker.io/library/eclipse-temurin:25.0.3_9-jdk-noble@sha256:79e0eb2ae37b072443e3470ac781da70ca912cbde1f7db57bce085f22c9b1f9d
ARG RUNTIME_IMAGE=gcr.io/distroless/base-nossl-debian13:nonroot@sha256:5cab74e7f8a5e7c5f1c8a9e6268b1f352f053c36c656f493308340bcecbc636c

FROM ${JDK_IMAGE} AS build
WORKDIR /src
# Without sources it makes an empty jar, and gets all that the build needs: a layer that stays until the pom changes.
COPY .mvn .mvn
COPY mvnw pom.xml ./
RUN ./mvnw -B -ntp -DskipTests package
COPY src src
ARG REVISION=unknown
RUN ./mvnw -B -ntp -DskipTests -Drevision="$REVISION" package

FROM scratch AS jar
COPY --from=build /src/target/iris-credential-operator.jar /src/target/iris-credential-operator.cdx.json /

# A Java of the modules that the operator uses, and a cache of its classes. java.instrument is for an agent that somebody adds.
FROM ${JDK_IMAGE} AS trained
RUN jlink --output /app/java --strip-java-debug-attributes --no-header-files --no-man-pages --add-modules \
  java.instrument,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.httpserver,jdk.management,jdk.unsupported
WORKDIR /app
COPY src/main/image/java.options src/main/image/train src/main/image/Training.java ./
COPY --from=jar iris-credential-operator.jar iris-credential-operator.cdx.json ./
RUN sh train /app/java/bin/java /app && rm train Training.java

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="IRIS credential operator" \
  org.opencontainers.image.description="Keeps one fresh IRIS token in a Kubernetes Secret." \
  org.opencontainers.image.source="https://github.com/trackunit/iris-credential-operator" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
COPY --from=trained /app /app
USER 65532:65532
WORKDIR /app
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/java/bin/java", "@/app/java.options", "-XX:AOTCache=/app/classes.aot", "-jar", "/app/iris-credential-operator.jar"]
