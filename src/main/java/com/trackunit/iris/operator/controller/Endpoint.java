package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.oauth.TokenEndpoint;
import java.net.URI;

/** Where tokens of one grant type are asked for. */
record Endpoint(URI url, TokenEndpoint tokens) {}
