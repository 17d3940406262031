using Lb.Kernel.Handles;
using Lb.Kernel.Handover;
using Lb.Kernel.Interop;
using Lb.Kernel.Relays;

namespace Lb.Kernel;

/// <summary>The part of the engine that has the kernel carry connections.</summary>
public sealed partial class RelayEngine
{
    private readonly Lock _preparing = new();
    private readonly Dictionary<int, SockmapMemory> _heirlooms = [];
    private bool _isPrepared;

    /// <summary>Why the kernel can carry none; null when it can, or was not asked to.</summary>
    internal string? SockmapFault { get; private set; }

    /// <summary>Loads what settings ask for; once, as what this kernel refuses it refuses until the next start.</summary>
    internal void Prepare(RelaySettings settings)
    {
        if (settings.Transfer != RelayTransfer.Sockmap)
        {
            return;
        }

        lock (_preparing)
        {
            if (_isPrepared)
            {
                return;
            }

            _isPrepared = true;
            List<SockmapPairs> loaded = [];
            try
            {
                foreach (RelayLoop _ in _loops)
                {
                    loaded.Add(SockmapPairs.Load(logger));
                }
            }
            catch (KernelException refusal)
            {
                SockmapFault = refusal.Message;
                Log.SockmapRefused(logger, refusal.Message);
                foreach (SockmapPairs pairs in loaded)
                {
                    pairs.Dispose();
                }

                return;
            }

            foreach ((RelayLoop loop, SockmapPairs pairs) in _loops.Zip(loaded))
            {
                loop.Post(one => one.Use(pairs));
            }
        }
    }

    /// <summary>Hands over the maps that connections are in.</summary>
    private static List<SockmapMemory> GiveMaps(HandoverSocket successor, RelayConnection[] connections)
    {
        List<SockmapMemory> maps = [.. connections
            .Select(connection => connection.Client.Mapped?.Map)
            .OfType<SockmapMemory>()
            .Distinct()];
        for (int i = 0; i < maps.Count; i++)
        {
            successor.Send(new SocketMapPart(i), default, maps[i].Sockets.Value, maps[i].Ends.Value);
        }

        return maps;
    }

    /// <summary>
    /// Resets a connection that cannot be handed over: what the kernel is to write for it ends with this process.
    /// </summary>
    private static bool ResetsUnwritten(RelayConnection connection)
    {
        if (connection.Client.Mapped is not { IsAwaited: true } && connection.Backend.Mapped is not { IsAwaited: true })
        {
            return false;
        }

        foreach (RelaySide side in (RelaySide[])[connection.Client, connection.Backend])
        {
            RelaySockets.ResetOnClose(side.Socket);
            _ = LibC.Close(side.Socket);
        }

        return true;
    }

    private static SidePart PartOf(RelaySide side, int waiting) => new(
        side.ReadEnded, side.WriteEnded, waiting, side.Mapped?.Index, side.Mapped?.Read ?? 0);

    private static int? NumberOf(RelayConnection connection, List<SockmapMemory> maps) =>
        connection.Client.Mapped is { } end ? maps.IndexOf(end.Map) : null;

    private void KeepMap(SocketMapPart part, int[] descriptors) => _heirlooms.Add(
        part.Number, new SockmapMemory(new Descriptor(descriptors[0]), new Descriptor(descriptors[1])));

    private void Restore(RelayConnection connection, ConnectionPart part)
    {
        if (part.Map is { } number)
        {
            connection.StaysOut = true;
            Restore(connection.Client, part.Client, _heirlooms[number]);
            Restore(connection.Backend, part.Server, _heirlooms[number]);
        }
    }

    private static void Restore(RelaySide side, SidePart part, SockmapMemory map)
    {
        if (part.Mapped is { } index)
        {
            side.Mapped = new SockmapEnd { Map = map, Index = index, Read = part.Read, IsSettled = true };
        }
    }
}
