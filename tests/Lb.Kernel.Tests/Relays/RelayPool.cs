using System.Net;
using Lb.Kernel.Relays;

namespace Lb.Kernel.Tests.Relays;

/// <summary>Backends with slots, as a table would give them.</summary>
internal sealed class RelayPool
{
    /// <summary>Slots for each unit of weight.</summary>
    private const int SlotsPerWeight = 20;

    public RelayPool(params int[] weights)
    {
        Backends = [.. weights.Select((_, i) => new RelayBackend(
            new Endpoint(IPAddress.Parse($"10.0.{i / 250}.{1 + (i % 250)}"), 80, TransportProtocol.Tcp)))];
        Candidates = new RelayCandidates([.. weights.SelectMany(
            (weight, i) => Enumerable.Repeat<RelayBackend?>(Backends[i], weight * SlotsPerWeight))]);
    }

    public RelayBackend[] Backends { get; }

    public RelayCandidates Candidates { get; }

    /// <summary>Connections to each.</summary>
    public int[] Open => [.. Backends.Select(backend => backend.Load.Open)];

    /// <summary>Connections that stay open, one after the other.</summary>
    public void Connect(RelayBalance balance, int connections, ulong seed, in RelayExclusion excluded = default)
    {
        RelayDice dice = new(seed);
        for (int i = 0; i < connections; i++)
        {
            uint slot = dice.Next((uint)Candidates.Slots);
            RelayStrategy.Of(balance).Choose(Candidates, excluded, slot, ref dice)!.Load.Enter();
        }
    }
}
