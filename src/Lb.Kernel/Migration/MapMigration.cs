using System.Diagnostics;
using Lb.Kernel.Datapath;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Migration;

/// <summary>
/// Maps that are carried over into others: copied while the old program forwards, put in force together, and caught up with when
/// the new program has taken over.
/// </summary>
internal sealed class MapMigration : IDisposable
{
    /// <summary>The program reads its clock a little before it writes.</summary>
    private const uint Slack = 2;

    private readonly SitePins _pins;
    private readonly List<CarriedMap> _maps;
    private readonly uint _since;
    private readonly long _begun = Stopwatch.GetTimestamp();

    private MapMigration(SitePins pins, List<CarriedMap> maps, uint since)
    {
        _pins = pins;
        _maps = maps;
        _since = since;
    }

    /// <summary>Entries that were copied.</summary>
    public long Copied { get; private set; }

    /// <summary>Of them, those that had to make room for others.</summary>
    public long Evicted { get; private set; }

    /// <summary>Entries that were written while it went on, and are copied too.</summary>
    public long CaughtUp { get; private set; }

    /// <summary>Of those, the ones that did not fit.</summary>
    public long Lost => _maps.Sum(map => map.Lost);

    /// <summary>Maps that are carried over.</summary>
    public int Count => _maps.Count;

    /// <summary>How long it has taken.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    /// <summary>Copies the pinned maps of a plan into those that an object has made.</summary>
    /// <exception cref="KernelException">Something does not fit. Nothing has changed.</exception>
    public static MapMigration Begin(MigrationPlan plan, SitePins pins, BpfObject loaded)
    {
        var migration = new MapMigration(pins, [], unchecked(Tick.Now - Slack));
        try
        {
            // Counters come last: what is counted after their copy is what may be missed.
            foreach (MapChange change in plan.Changes
                .Where(change => change.Fate == MapFate.Carried)
                .OrderBy(change => MapNames.IsCounted(change.Name)))
            {
                migration._maps.Add(Of(
                    pins, change, pins.OpenMap(change.Name) ?? throw MigrationPlan.CannotAdopt(change.Name, "it is not there"),
                    loaded.TakeMap(change.Name)));
            }

            foreach (CarriedMap map in migration._maps)
            {
                (long copied, long evicted) = map.Copy();
                migration.Copied += copied;
                migration.Evicted += evicted;
            }

            return migration;
        }
        catch
        {
            migration.Forget();
            migration.Dispose();
            throw;
        }
    }

    /// <summary>What an earlier start has begun and not ended; null when there is nothing.</summary>
    public static MapMigration? FindUnfinished(SitePins pins)
    {
        if (pins.ReplacedSince is not { } since)
        {
            return null;
        }

        var migration = new MapMigration(pins, [], since);
        try
        {
            migration._maps.AddRange(Unfinished(pins));
            return migration;
        }
        catch
        {
            migration.Dispose();
            throw;
        }
    }

    /// <summary>Puts the maps in force, with those that stay: until then there were the old ones, from now on the new ones.</summary>
    /// <param name="loaded">The object that has made them.</param>
    /// <param name="types">What says their types.</param>
    public void PutInForce(BpfObject loaded, Descriptor types)
    {
        _pins.BeginStaged(_since);
        _pins.PinStaged(MapNames.Types, types);

        foreach (string name in loaded.Maps.Keys.OrderBy(name => name == MapNames.Node))
        {
            using Descriptor map = loaded.TakeMap(name);
            _pins.PinStaged(name, map);
        }

        _pins.ExchangeMaps();
    }

    /// <summary>Copies what the old program has written meanwhile.</summary>
    public void CatchUp()
    {
        foreach (CarriedMap map in _maps)
        {
            CaughtUp += map.CatchUp(_since);
        }
    }

    /// <summary>Takes the exchange back.</summary>
    public void TakeBack()
    {
        _pins.ExchangeMaps();
        Forget();
    }

    /// <summary>Removes what was made and is not in force.</summary>
    public void Forget()
    {
        _pins.RemoveStaged();
        foreach (CarriedTables tables in _maps.OfType<CarriedTables>())
        {
            tables.Forget();
        }
    }

    /// <summary>Removes the old maps. What they had is carried over.</summary>
    public void Finish() => _pins.RemoveStaged();

    /// <inheritdoc/>
    public void Dispose() => _maps.ForEach(map => map.Dispose());

    private static CarriedMap Of(SitePins pins, MapChange change, Descriptor old, Descriptor made) => change.Name switch
    {
        MapNames.Tables => new CarriedTables(pins, change, old, made),
        var name when MapNames.IsRemembered(name) => new CarriedHash(change, old, made),
        var name when MapNames.IsCounted(name) => new CarriedCounters(change, old, made),
        _ => new CarriedMap(change, old, made),
    };

    /// <summary>Of maps that a killed start has exchanged, those that the old program may have written since.</summary>
    private static IEnumerable<CarriedMap> Unfinished(SitePins pins)
    {
        PinnedTypes before = TypesOf(pins.OpenStaged);
        PinnedTypes now = TypesOf(pins.OpenMap);
        foreach (string name in MapNames.Remembered)
        {
            using Descriptor? old = pins.OpenStaged(name);
            using Descriptor? made = pins.OpenMap(name);
            if (old is null || made is null || BpfMap.Describe(old, name).Id == BpfMap.Describe(made, name).Id)
            {
                continue;
            }

            MapInfo there = BpfMap.Describe(old, name);
            MapInfo wanted = BpfMap.Describe(made, name);
            MapLayout layout = now.Of(name, made) ?? new MapLayout(null, null);
            MapChange? change = ChangeRule.Decide(
                name, MapShape.Of(there), MapShape.Of(wanted), before.Of(name, old) ?? layout, layout, out _);
            if (change is not null)
            {
                yield return Of(
                    pins, change, Descriptor.Duplicate(old.Value, $"dup({name})"), Descriptor.Duplicate(made.Value, $"dup({name})"));
            }
        }
    }

    private static PinnedTypes TypesOf(Func<string, Descriptor?> open)
    {
        using Descriptor? pinned = open(MapNames.Types);
        return new PinnedTypes(pinned is null ? null : TypesPin.TryRead(pinned));
    }
}
