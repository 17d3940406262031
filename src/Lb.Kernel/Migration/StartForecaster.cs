using Lb.Kernel.Handles;
using Lb.Kernel.Host;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel.Migration;

/// <summary>Foresees what a start of this release would do with the maps that a site has pinned. It changes nothing.</summary>
public static class StartForecaster
{
    /// <summary>Looks at the maps, also while another process runs the site.</summary>
    /// <param name="options">What the start would ask of the kernel.</param>
    public static StartForecast Read(DatapathOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var pins = new SitePins(options.BpfFs, options.Site);
        try
        {
            return FindObstacle(options, pins) is { } obstacle ? StartForecast.Unread(obstacle) : Look(options, pins);
        }
        catch (Exception e) when (e is KernelException or IOException or UnauthorizedAccessException)
        {
            return StartForecast.Unread(e.Message);
        }
    }

    private static string? FindObstacle(DatapathOptions options, SitePins pins)
    {
        if (!BpfFileSystem.IsAt(options.BpfFs))
        {
            return $"no BPF file system is at {options.BpfFs}.";
        }

        if (pins.FindAccessProblem() is { } problem)
        {
            return $"of this user, {problem}";
        }

        if (!pins.MapsAreComplete)
        {
            return pins.Exist
                ? $"those of site {options.Site} are not complete; a start removes them and makes all."
                : $"site {options.Site} has none; a start makes all.";
        }

        if (!Capability.Bpf.IsIn(KernelRequirements.EffectiveCapabilities()))
        {
            return "this process runs without CAP_BPF, which reading them takes.";
        }

        KernelRequirements.CheckLibrary();
        return null;
    }

    private static StartForecast Look(DatapathOptions options, SitePins pins)
    {
        using BpfObject opened = new DatapathSpec(options.Sizes, options.InsertRate).Open(NullLogger.Instance);
        var plan = MigrationPlan.Look(opened, pins.OpenMap);
        var maps = plan.Changes.Select(change => Foresee(change, opened, pins)).OrderBy(map => map.Name, StringComparer.Ordinal).ToArray();
        StartProblem[] problems =
            [.. maps.Where(map => map.Fate == MapFate.Refused).Select(map => MigrationPlan.ProblemOf(map.Name, map.Why!))];
        if (plan.Exchanges && Environment.OSVersion.Version < SitePins.OldestThatExchanges)
        {
            problems = [.. problems, SitePins.CannotExchange];
        }

        return new StartForecast([.. maps])
        {
            EndsExchange = pins.ReplacedSince is not null,
            NeedsTypes = plan.Exchanges && !pins.HasMap(MapNames.Types),
            Problems = [.. problems],
        };
    }

    private static MapForecast Foresee(MapChange change, BpfObject opened, SitePins pins)
    {
        if (change.Fate != MapFate.Carried)
        {
            return new MapForecast(change.Name, change.Fate, change.Why, 0);
        }

        using Descriptor there = pins.OpenMap(change.Name) ?? throw MigrationPlan.CannotAdopt(change.Name, "it is not there");
        return new CarryTrial(pins, change, there, opened.Maps[change.Name].Shape).Run();
    }
}
