using Lb.Kernel.Handles;
using Lb.Kernel.Migration;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel;

/// <summary>A start: afresh, or on what an earlier one has left.</summary>
public sealed partial class KernelDatapath
{
    private static KernelDatapath Start(
        DatapathOptions options,
        (string Name, int Index)[] interfaces,
        SiteLock held,
        RelayListeners listeners,
        ILogger logger)
    {
        var pins = new SitePins(options.BpfFs, options.Site);
        pins.CheckAccess();
        bool adopts = pins.MapsAreComplete;
        if (!adopts && pins.Exist)
        {
            pins.RemoveAll();
            Log.LeftoversRemoved(logger, options.Site, pins.Root);
        }

        var spec = new DatapathSpec(options.Sizes, options.InsertRate);
        using BpfObject opened = spec.Open(logger);
        using MapMigration? unfinished = adopts ? TakeUp(pins, options.Site, logger) : null;
        MigrationPlan? plan = adopts ? MigrationPlan.Make(opened, pins.OpenMap) : null;
        plan?.Reuse(opened, pins.OpenMap);
        opened.Load();
        using MapMigration? migration = plan is { Exchanges: true } ? MapMigration.Begin(plan, pins, opened) : null;
        return Finish(options, interfaces, spec, opened, pins, held, listeners, new Adoption(plan, migration, unfinished), logger);
    }

    /// <summary>What a start takes over.</summary>
    /// <param name="Plan">What becomes of the maps; null when there are none.</param>
    /// <param name="Migration">Those that are carried over; null when none is.</param>
    /// <param name="Unfinished">What a killed start has left to be copied; null when there is nothing.</param>
    private sealed record Adoption(MigrationPlan? Plan, MapMigration? Migration, MapMigration? Unfinished);

    private static KernelDatapath Finish(
        DatapathOptions options,
        (string Name, int Index)[] interfaces,
        DatapathSpec spec,
        BpfObject opened,
        SitePins pins,
        SiteLock held,
        RelayListeners listeners,
        Adoption adoption,
        ILogger logger)
    {
        KernelDatapath datapath;
        try
        {
            datapath = new KernelDatapath(opened, pins, held, options, listeners, logger);
        }
        catch
        {
            adoption.Migration?.Forget();
            throw;
        }

        try
        {
            using var undo = new Undo(options.Site, logger);
            datapath.Pin(opened, adoption, spec.InsertsPerTick, undo);
            datapath._spreading.Write(options.Spread, options.Attach);
            datapath.AttachTo(interfaces, options.Attach, undo);
            datapath.Sign(spec.InsertsPerTick);
            datapath.AdoptForwarding();
            if (!options.Follows)
            {
                // Of an earlier start: the sockets that it led to ended with its process.
                datapath._interception.Remove();
            }

            MapMigration? exchange = adoption.Migration ?? adoption.Unfinished;
            exchange?.CatchUp();
            undo.Forget();
            exchange?.Finish();
            if (adoption.Migration is { } migration)
            {
                datapath.EndMigration(migration);
            }

            return datapath;
        }
        catch
        {
            datapath.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What a start that was killed has left: maps that are in force with what came since in those before them, or maps that never came into
    /// force.
    /// </summary>
    private static MapMigration? TakeUp(SitePins pins, string site, ILogger logger)
    {
        MapMigration? unfinished = MapMigration.FindUnfinished(pins);
        if (unfinished is null)
        {
            pins.RemoveStaged();
            return null;
        }

        unfinished.CatchUp();
        Log.ExchangeTakenUp(logger, site, unfinished.CaughtUp);
        return unfinished;
    }

    private void Pin(BpfObject opened, Adoption adoption, uint insertsPerTick, Undo undo)
    {
        if (adoption.Plan is not { } plan)
        {
            Sign(insertsPerTick);
            PinMaps(opened, undo);
            Log.MapsMade(_logger, _site, _pins.Root);
            return;
        }

        _pins.Create();
        if (adoption.Migration is { } migration)
        {
            undo.Add(migration.Forget);
            Sign(insertsPerTick);
            Keep(MapNames.Types, TypesPin.Of(opened.ReadTypes()).Make());
            migration.PutInForce(opened, Maps[MapNames.Types]);
            undo.Add(migration.TakeBack);
        }
        else
        {
            PinAdded(opened, plan);
            AdoptTables();
        }

        Log.MapsAdopted(_logger, _site, _pins.Root);
    }

    private void PinMaps(BpfObject opened, Undo undo)
    {
        undo.Add(_pins.RemoveAll);
        _pins.Create();
        PinTypes(opened);
        foreach (string name in opened.Maps.Keys.OrderBy(name => name == MapNames.Node))
        {
            using Descriptor map = opened.TakeMap(name);
            _pins.PinMap(name, map);
        }
    }

    /// <summary>Pins what an older version did not have.</summary>
    private void PinAdded(BpfObject opened, MigrationPlan plan)
    {
        foreach (MapChange change in plan.Changes.Where(change => change.Fate == MapFate.Added))
        {
            using Descriptor map = opened.TakeMap(change.Name);
            _pins.RepinMap(change.Name, map);
        }

        PinTypes(opened);
    }

    /// <summary>Pins the types of the maps, where they are not pinned.</summary>
    private void PinTypes(BpfObject opened)
    {
        TypesPin types = TypesPin.Of(opened.ReadTypes());
        if (_pins.OpenMap(MapNames.Types) is { } there)
        {
            if (types.IsSame(TypesPin.TryRead(there)))
            {
                Keep(MapNames.Types, there);
                return;
            }

            there.Dispose();
        }

        Keep(MapNames.Types, types.Make());
        _pins.PinMapOver(MapNames.Types, Maps[MapNames.Types]);
    }

    /// <summary>What is left to do when the old maps are gone.</summary>
    private void EndMigration(MapMigration migration)
    {
        AdoptTables();
        Log.MapsCarriedOver(
            _logger, _site, migration.Count, migration.Copied, (long)migration.Elapsed.TotalMilliseconds, migration.CaughtUp, migration.Lost,
            migration.Evicted);
    }
}
