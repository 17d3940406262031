using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Asks for the limits that nodes share; answered with <see cref="SlicesSnapshot"/> or <see cref="NoSlices"/>.</summary>
public sealed record GetSlices;

/// <summary>The node is alone: limits are its own.</summary>
public sealed record NoSlices;

/// <summary>
/// Has the node admit no more connections to relayed services, for good, and give its slices back; answered with
/// <see cref="SlicesReturned"/>.
/// </summary>
/// <param name="EndsRelays">Relays end, too, with the connections that they have; else those count as long as they are open.</param>
public sealed record ReturnSlices(bool EndsRelays);

/// <summary>Slices were given back, or there were none.</summary>
/// <param name="Done">
/// Those who divide them know of it; otherwise others have what this node had when its lease is over.
/// </param>
public sealed record SlicesReturned(bool Done);

/// <summary>The limits that nodes share.</summary>
/// <param name="Self">Where the node is.</param>
/// <param name="Mute">A node that knows of no shared limits, for which each counts for itself; null for none.</param>
/// <param name="Services">By name.</param>
/// <param name="Silent">Members that have not said what they have.</param>
public sealed record SlicesSnapshot(
    string Self, string? Mute, ImmutableArray<SlicedServiceSnapshot> Services, ImmutableArray<string> Silent);

/// <summary>A service whose limits nodes share.</summary>
/// <param name="Name">Name.</param>
/// <param name="Owner">The node that divides them, as this one has it.</param>
/// <param name="Limits">Its own limit first, then those of backends.</param>
public sealed record SlicedServiceSnapshot(string Name, string Owner, ImmutableArray<SlicedLimitSnapshot> Limits);

/// <summary>One limit.</summary>
/// <param name="Backend">Connections to that; null for those of the service.</param>
/// <param name="Limit">How many there may be on all nodes.</param>
/// <param name="Nodes">What nodes have of it, this one first.</param>
public sealed record SlicedLimitSnapshot(Endpoint? Backend, int Limit, ImmutableArray<SlicedNodeSnapshot> Nodes);

/// <summary>What a node has of a limit.</summary>
/// <param name="Node">The node.</param>
/// <param name="Slice">How many connections it may have; null while it counts for itself.</param>
/// <param name="Used">How many it has.</param>
/// <param name="LeaseLeft">For how long, unless it is renewed.</param>
public sealed record SlicedNodeSnapshot(string Node, int? Slice, int Used, TimeSpan LeaseLeft);
