using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Programs;

/// <summary>
/// What a site has pinned: <c>BPFFS/lb/SITE/maps/NAME</c>, <c>tables/ID</c>, <c>progs/lb_xdp</c>, <c>links/IFINDEX</c>,
/// and while it is attached the link of <c>lb_lookup</c>: <c>netns/lb_lookup</c>.
/// </summary>
internal sealed partial class SitePins(string bpffs, string site)
{
    /// <summary>The site's directory.</summary>
    public string Root { get; } = Path.Combine(bpffs, "lb", site);

    /// <summary>Whether anything of the site is there.</summary>
    public bool Exist => Directory.Exists(Root);

    /// <summary>
    /// Whether the maps are complete: the node's entry is pinned last, so that its pin says that all others were.
    /// </summary>
    public bool MapsAreComplete => File.Exists(MapPath(MapNames.Node));

    /// <summary>Where a map is pinned.</summary>
    public string MapPath(string name) => Path.Combine(Maps, name);

    /// <summary>Pins a map in place of whatever is there.</summary>
    public void RepinMap(string name, Descriptor map) => Repin(map, MapPath(name));

    /// <summary>Pins the link of an interface in place of whatever is there.</summary>
    public void RepinLink(int interfaceIndex, Descriptor link) => Repin(link, LinkPath(interfaceIndex));

    private string Maps => Path.Combine(Root, "maps");

    private string Staged => Path.Combine(Root, "maps_next");

    private string Tables => Path.Combine(Root, "tables");

    private string Programs => Path.Combine(Root, "progs");

    private string Namespaces => Path.Combine(Root, "netns");

    private string Links => Path.Combine(Root, "links");

    /// <summary>Makes the directories that are not there.</summary>
    /// <exception cref="KernelException">This user may not.</exception>
    public void Create()
    {
        try
        {
            foreach (string directory in (string[])[Maps, Tables, Programs, Links])
            {
                Directory.CreateDirectory(directory);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw Forbidden(e.Message);
        }
    }

    /// <summary>Throws when this user may not use the pins.</summary>
    /// <exception cref="KernelException">Why not.</exception>
    public void CheckAccess()
    {
        if (FindAccessProblem() is { } problem)
        {
            throw Forbidden(problem);
        }
    }

    /// <summary>
    /// Why this user may not use the pins; null when it may. To a user who may not look into a directory, a site that is
    /// there would seem not to be.
    /// </summary>
    public string? FindAccessProblem()
    {
        string deepest = Root;
        while (!Directory.Exists(deepest) && deepest.Length > bpffs.Length)
        {
            deepest = Path.GetDirectoryName(deepest)!;
        }

        return LibC.Access(LibC.CurrentDirectory, deepest, LibC.MayWriteAndEnter, LibC.EffectiveIds) == 0
            ? null
            : $"it may not write to {deepest} ({Failure.Last("").ErrnoName}).";
    }

    /// <summary>Opens a pinned map; null when it is not there.</summary>
    public Descriptor? OpenMap(string name) => Open(MapPath(name));

    /// <summary>Whether a map is pinned.</summary>
    public bool HasMap(string name) => File.Exists(MapPath(name));

    /// <summary>Pins a map.</summary>
    public void PinMap(string name, Descriptor map) => Pin(map, MapPath(name));

    /// <summary>Opens a table's inner map by the id that the kernel gave it; null when it is not pinned.</summary>
    public Descriptor? OpenTable(uint id) => Open(TablePath(id));

    /// <summary>Pins a table's inner map by its id, which no other map gets while this one is pinned.</summary>
    public void PinTable(uint id, Descriptor table)
    {
        // Tables are made at any time, also when somebody has removed the directory.
        Directory.CreateDirectory(Tables);
        Pin(table, TablePath(id));
    }

    /// <summary>Removes the pin of an inner map, if there is one.</summary>
    public void RemoveTable(uint id)
    {
        if (File.Exists(TablePath(id)))
        {
            File.Delete(TablePath(id));
        }
    }

    /// <summary>Ids of the inner maps that are pinned.</summary>
    public IReadOnlyList<uint> PinnedTables() => Directory.Exists(Tables)
        ? [.. Directory.EnumerateFiles(Tables)
            .Select(path => uint.TryParse(Path.GetFileName(path), out uint id) ? id : 0)
            .Where(id => id != 0)]
        : [];

    /// <summary>Opens the pinned program; null when there is none.</summary>
    public Descriptor? OpenProgram(string name) => Open(Path.Combine(Programs, name));

    /// <summary>Pins the program, in place of the one that is.</summary>
    public void PinProgram(string name, Descriptor program)
    {
        PinOver(program, Path.Combine(Programs, name));
    }

    /// <summary>Indexes of the interfaces that links are pinned for.</summary>
    public IReadOnlyList<int> LinkedInterfaces() => Directory.Exists(Links)
        ? [.. Directory.EnumerateFiles(Links).Select(path => int.Parse(Path.GetFileName(path)))]
        : [];

    /// <summary>Opens the link of an interface; null when it is not there.</summary>
    public Descriptor? OpenLink(int interfaceIndex) => Open(LinkPath(interfaceIndex));

    /// <summary>Pins the link of an interface.</summary>
    public void PinLink(int interfaceIndex, Descriptor link) => Pin(link, LinkPath(interfaceIndex));

    /// <summary>Removes the pin of an interface's link; the kernel detaches it when nobody has it open.</summary>
    public void RemoveLink(int interfaceIndex) => File.Delete(LinkPath(interfaceIndex));

    /// <summary>Detaches an interface's link now, whoever has it open, and removes its pin.</summary>
    public void DetachLink(int interfaceIndex)
    {
        using (Descriptor? pinned = OpenLink(interfaceIndex))
        {
            if (pinned is not null)
            {
                using var link = new XdpLink(pinned, interfaceIndex);
                link.Detach();
            }
        }

        RemoveLink(interfaceIndex);
    }

    /// <summary>Where the link to the network namespace is pinned.</summary>
    public string LookupPath => Path.Combine(Namespaces, EmbeddedObject.Lookup);

    /// <summary>Opens the link to the network namespace; null when there is none.</summary>
    public Descriptor? OpenLookup() => Open(LookupPath);

    /// <summary>Pins the link to the network namespace in place of whatever is there.</summary>
    public void RepinLookup(Descriptor link)
    {
        Directory.CreateDirectory(Namespaces);
        Repin(link, LookupPath);
    }

    /// <summary>Removes the pin of the link to the network namespace.</summary>
    public void RemoveLookup() => Directory.Delete(Namespaces, recursive: true);

    /// <summary>Removes everything of the site, links first, so that no packet meets a half-removed state.</summary>
    public void RemoveAll()
    {
        foreach (int index in LinkedInterfaces())
        {
            DetachLink(index);
        }

        // It was pinned last and goes first: whatever ends this half-way leaves nothing that a start would adopt.
        if (MapsAreComplete)
        {
            File.Delete(MapPath(MapNames.Node));
        }

        foreach (string directory in (string[])[Links, Namespaces, Programs, Maps, Staged, Tables, Root])
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        RemoveParentIfEmpty();
    }

    private static KernelException Forbidden(string why) => new(
        $"This user may not use the BPF file system: {why}",
        "As root, give lbd's user a folder there, as the systemd unit does: chmod o+x BPFFS; install -d -o USER "
        + "BPFFS/lb. What was pinned as another user: chown -R USER BPFFS/lb.");

    private void RemoveParentIfEmpty()
    {
        string parent = Path.GetDirectoryName(Root)!;
        bool removable =
            LibC.Access(LibC.CurrentDirectory, bpffs, LibC.MayWriteAndEnter, LibC.EffectiveIds) == 0;
        if (removable && Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any())
        {
            Directory.Delete(parent);
        }
    }

    private static Descriptor? Open(string path)
    {
        int result = LibBpf.GetPinned(path);
        return (Errno)(-result) switch
        {
            Errno.ENOENT => null,
            Errno.EACCES => throw Forbidden($"it may not open {path} (EACCES)."),
            _ => Descriptor.FromLibBpf(result, $"bpf_obj_get({path})"),
        };
    }

    private static void Pin(Descriptor descriptor, string path) =>
        Failure.Check(LibBpf.Pin(descriptor, path), $"bpf_obj_pin({path})");

    private static void Repin(Descriptor descriptor, string path)
    {
        File.Delete(path);
        Pin(descriptor, path);
    }

    /// <summary>Pins in place of what is there: whoever looks finds the one or the other.</summary>
    private static void PinOver(Descriptor descriptor, string path)
    {
        string fresh = path + "_new";
        File.Delete(fresh);
        Pin(descriptor, fresh);
        File.Move(fresh, path, overwrite: true);
    }

    private string TablePath(uint id) => Path.Combine(Tables, $"{id}");

    private string LinkPath(int interfaceIndex) => Path.Combine(Links, $"{interfaceIndex}");
}
