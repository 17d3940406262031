using System.Text.RegularExpressions;
using Lb.Kernel;
using Lb.Kernel.Handles;
using Lb.Kernel.Migration;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Testing;

/// <summary>How far a start of another release comes before it is killed.</summary>
public enum KilledAfter
{
    /// <summary>Maps are made and filled.</summary>
    Copying,

    /// <summary>Some of the pins that are to be are there.</summary>
    Staging,

    /// <summary>The new maps are in force, the old program forwards.</summary>
    Exchanging,

    /// <summary>The new program forwards.</summary>
    Linking,

    /// <summary>It is not killed.</summary>
    Nothing,
}

/// <summary>A release whose layouts are really others: compiled from the sources of this one, changed.</summary>
public sealed partial class OtherRelease
{
    private static readonly Lazy<OtherRelease> s_changed = new(BuildChanged);

    private readonly byte[] _elf;

    private OtherRelease(byte[] elf) => _elf = elf;

    /// <summary>
    /// One in which structs have members more, in the middle, and wider, and in another order: of entries of flows, services, backends, slots,
    /// counters and the key of fragments.
    /// </summary>
    public static OtherRelease Changed => s_changed.Value;

    /// <summary>Compiles one.</summary>
    /// <param name="edits">What is other in the header of layouts: text that is there once, and what it becomes.</param>
    public static OtherRelease Build(params (string Old, string New)[] edits)
    {
        string folder = Directory.CreateTempSubdirectory("lb-release-").FullName;
        try
        {
            Command.Run("cp", "-r", FindSources(), folder);
            string sources = Path.Combine(folder, "bpf");
            foreach (string header in Directory.EnumerateFiles(Path.Combine(sources, "include"), "*.h"))
            {
                File.WriteAllText(header, Assertions().Replace(File.ReadAllText(header), ""));
            }

            string types = Path.Combine(sources, "include", "lb_types.h");
            string text = File.ReadAllText(types);
            foreach ((string old, string changed) in edits)
            {
                text = text.Split(old).Length == 2
                    ? text.Replace(old, changed, StringComparison.Ordinal)
                    : throw new InvalidOperationException($"lb_types.h has not once '{old}'.");
            }

            File.WriteAllText(types, text);
            string made = Path.Combine(folder, "lb_xdp.bpf.o");
            Command.Run("make", "-C", sources, $"OUT={folder}", made);
            return new OtherRelease(File.ReadAllBytes(made));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Does what a start of it does on what is pinned: carries the maps over, and puts its program behind the links.</summary>
    /// <param name="options">The site.</param>
    /// <param name="end">Where it is killed.</param>
    /// <param name="meanwhile">What happens between the copy and the exchange.</param>
    public void TakeOver(DatapathOptions options, KilledAfter end = KilledAfter.Nothing, Action? meanwhile = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var pins = new SitePins(options.BpfFs, options.Site);
        using BpfObject opened = new DatapathSpec(options.Sizes, options.InsertRate).Open(_elf, NullLogger.Instance);
        MigrationPlan plan = MigrationPlan.Make(opened, pins.OpenMap);
        plan.Reuse(opened, pins.OpenMap);
        opened.Load();
        using var migration = MapMigration.Begin(plan, pins, opened);
        meanwhile?.Invoke();
        if (end == KilledAfter.Staging)
        {
            pins.BeginStaged(0);
            using Descriptor one = opened.TakeMap("lb_flows4");
            pins.PinStaged("lb_flows4", one);
        }

        if (end <= KilledAfter.Staging)
        {
            return;
        }

        using (Descriptor types = TypesPin.Of(opened.ReadTypes()).Make())
        {
            migration.PutInForce(opened, types);
        }

        if (end == KilledAfter.Exchanging)
        {
            return;
        }

        using Descriptor program = opened.TakeProgram(EmbeddedObject.Xdp);
        foreach (int index in pins.LinkedInterfaces())
        {
            using var link = new XdpLink(pins.OpenLink(index)!, index);
            link.Replace(program);
        }

        pins.PinProgram(EmbeddedObject.Xdp, program);
        if (end == KilledAfter.Nothing)
        {
            migration.CatchUp();
            migration.Finish();
        }
    }

    private static OtherRelease BuildChanged() => Build(
        (
            "\t__u32 backend;\n\t__u32 service;\n\t__u32 slot;\n\t__u32 seen;",
            "\t__u32 backend;\n\t__u32 born;\n\t__u64 slot;\n\t__u32 service;\n\t__u32 seen;"),
        ("\t__u32 id;      /* index", "\t__u16 zone;\n\t__u16 pad;\n\t__u32 id;      /* index"),
        ("\t__u32 service;\n\t__be16 tunnel;", "\t__u32 zone;\n\t__u32 service;\n\t__be16 tunnel;"),
        ("\t__u32 current;\t/*", "\t__u32 previous;\n\t__u32 current;\t/*"),
        ("\t__u32 previous; /* backend index of the flows older than the change | enum lb_slot_flag */\n", ""),
        ("\tstruct lb_counter forwarded; /* to backends */\n", "\t__u64 refused;\n"),
        ("\tstruct lb_counter dropped;\n\t__u64 new", "\tstruct lb_counter dropped;\n\tstruct lb_counter forwarded;\n\t__u64 new"),
        ("\t__be32 dst;\n\t__be16 id;", "\t__u32 zone;\n\t__be32 dst;\n\t__be16 id;"));

    private static string FindSources()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Lb.sln")))
            {
                return Path.Combine(folder, "bpf");
            }
        }

        throw new InvalidOperationException("The sources of the programs are not above the tests.");
    }

    [GeneratedRegex(@"_Static_assert\([^;]*;\n", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Assertions();
}
