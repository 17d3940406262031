using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Migration;

/// <summary>What becomes of every map of a site at a start, decided before anything is made.</summary>
/// <param name="Changes">What becomes of each.</param>
internal sealed record MigrationPlan(IReadOnlyList<MapChange> Changes)
{
    /// <summary>Maps change places with others.</summary>
    public bool Exchanges => Changes.Any(change => change.Fate is MapFate.Carried or MapFate.Anew);

    /// <summary>Decides for the maps that are pinned, and has an object use those that are kept.</summary>
    /// <param name="opened">The object.</param>
    /// <param name="open">Opens a pinned map.</param>
    /// <exception cref="KernelException">One can neither be used nor carried over. Nothing has changed.</exception>
    public static MigrationPlan Make(BpfObject opened, Func<string, Descriptor?> open)
    {
        MigrationPlan plan = Look(opened, open);
        return plan.Changes.FirstOrDefault(change => change.Fate == MapFate.Refused) is { } refused
            ? throw CannotAdopt(refused.Name, refused.Why!)
            : plan;
    }

    /// <summary>Decides for the maps that are pinned; what can neither be used nor carried over is refused.</summary>
    /// <param name="opened">The object.</param>
    /// <param name="open">Opens a pinned map.</param>
    public static MigrationPlan Look(BpfObject opened, Func<string, Descriptor?> open)
    {
        TypesPin own = TypesPin.Of(opened.ReadTypes());
        using Descriptor? besides = open(MapNames.Types);
        TypesPin? pinned = besides is null ? null : TypesPin.TryRead(besides);
        if (FindVersionProblem(open, pinned, own) is { } problem)
        {
            // What the others hold is not known then.
            return new MigrationPlan([Refuse(MapNames.Node, problem)]);
        }

        var types = new PinnedTypes(own.IsSame(pinned) ? null : pinned);
        BtfTypes wanted = BtfTypes.TryRead(own.Btf) ?? throw new InvalidDataException("The object has no types.");
        List<MapChange> changes = [];
        // Whose types the kernel does not keep comes last, when those of others are known.
        foreach ((string name, MapSpec map) in opened.Maps.OrderBy(map => map.Key == MapNames.Tables))
        {
            using Descriptor? there = open(name);
            changes.Add(there is null
                ? Add(name)
                : Decide(name, map, there, wanted, isOwn: own.IsSame(pinned), types));
        }

        var plan = new MigrationPlan(changes);
        return plan.Exchanges ? plan.WithNode((int)opened.Maps[MapNames.Node].Shape.ValueSize) : plan;
    }

    /// <summary>Has an object use the maps that are kept.</summary>
    public void Reuse(BpfObject opened, Func<string, Descriptor?> open)
    {
        foreach (MapChange change in Changes.Where(change => change.Fate == MapFate.Kept))
        {
            using Descriptor kept = open(change.Name) ?? throw CannotAdopt(change.Name, "it is not there");
            opened.Maps[change.Name].Reuse(change.Name, kept);
        }
    }

    /// <summary>The exception for a map that stands in the way of the start.</summary>
    public static KernelException CannotAdopt(string name, string why)
    {
        StartProblem problem = ProblemOf(name, why);
        return new KernelException(problem.What, problem.Mend);
    }

    /// <summary>The same in words.</summary>
    public static StartProblem ProblemOf(string name, string why) => new(
        $"The pinned map {name} cannot be adopted: {why}.",
        "Start the release that made the running state, or set lb.kernel back to its sizes; or remove that state with lbd --cleanup, which "
        + "ends its flows.");

    private static MapChange Add(string name) => MapNames.MayBeMissing(name)
        ? new MapChange(name, MapFate.Added)
        : Refuse(name, "it is not there");

    private static MapChange Refuse(string name, string why) => new(name, MapFate.Refused) { Why = why };

    private static MapChange Decide(
        string name, MapSpec map, Descriptor there, BtfTypes wanted, bool isOwn, PinnedTypes types)
    {
        MapInfo info = BpfMap.Describe(there, name);
        if (MapNames.Grows(name))
        {
            map.GrowInto(name, info);
        }

        // The common start: what is pinned beside the maps says that they are of this very object.
        if (isOwn && map.DifferenceFrom(info) is null)
        {
            return new MapChange(name, MapFate.Kept);
        }

        MapLayout layout = LayoutOf(name, wanted.OfMap(name), wanted.OfStruct)
            ?? throw new InvalidDataException($"The object does not say the types of {name}.");
        MapLayout? old = isOwn ? layout : LayoutOf(name, types.Of(name, there), types.OfRecord);
        return ChangeRule.Decide(name, MapShape.Of(info), map.Shape, old, layout, out string? problem)
            ?? Refuse(name, problem!);
    }

    /// <summary>A ring buffer has no types of its own: its records are.</summary>
    private static MapLayout? LayoutOf(string name, MapLayout? declared, Func<string, DataType?> find) => name switch
    {
        MapNames.FlowLog => new MapLayout(null, find("lb_flow_event")),
        MapNames.FlowNews => new MapLayout(null, find("lb_flow_news")),
        _ => declared,
    };

    private static string? FindVersionProblem(Func<string, Descriptor?> open, TypesPin? pinned, TypesPin own)
    {
        using Descriptor? node = open(MapNames.Node);
        if (node is null)
        {
            return "it is not there";
        }

        // The version is the first field of every layout.
        var raw = new RawMap(MapNames.Node, node);
        var value = new byte[raw.ValueSize];
        raw.TryGet(RawMap.KeyOf(0), value);
        uint there = BitConverter.ToUInt32(value);
        uint oldest = pinned is not null && pinned.Version == there ? pinned.Oldest : there;
        return there < own.Oldest || own.Version < oldest
            ? $"its layout is version {there} where {own.Version} is needed"
            : null;
    }

    /// <summary>The node's entry goes along: it says of which release the maps beside it are.</summary>
    private MigrationPlan WithNode(int size) => new([.. Changes.Select(change => change is { Name: MapNames.Node, Fate: MapFate.Kept }
        ? change with
        {
            Fate = MapFate.Carried,
            Key = Conversion.Identity(sizeof(uint)),
            Value = Conversion.Identity(size),
            Why = "it says of which release the maps beside it are",
        }
        : change)]);
}
