#!/usr/bin/env bash
# Holds the subset, and Lb, to the official packages of Akka.NET: everything that the subset shows must be there, and
# Lb built on them must pass its tests (TIER, unit unless told). It needs those packages; restore says when it can't
# have them. See docs/actors.md.
. "$(dirname "$0")/lib.sh"

export TIER=${TIER:-unit}
[ "$AkkaSource" = Subset ] || die "AkkaSource is chosen here; run it without"
folder=bin/Akka.Api/${CONFIGURATION,,}

build eng/akka-api/Akka.Api.csproj
AkkaSource=NuGet
ours=$ARTIFACTS
ARTIFACTS=$ours/nuget
build eng/akka-api/Akka.Api.csproj
"$ARTIFACTS/$folder/Akka.Api" "$ours/$folder" "$ARTIFACTS/$folder" || die "the subset shows what Akka.NET does not"
"$ROOT/eng/test.sh"
