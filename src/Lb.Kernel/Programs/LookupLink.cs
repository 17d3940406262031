using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Programs;

/// <summary>The attachment of a program that names sockets to a network namespace.</summary>
internal sealed unsafe class LookupLink(Descriptor descriptor) : IDisposable
{
    /// <summary>Of the calling thread, as tests have one for each.</summary>
    private const string OwnNamespace = "/proc/thread-self/ns/net";

    private const int MostPrograms = 64; // The kernel's own limit.

    /// <summary>The open link.</summary>
    public Descriptor Descriptor => descriptor;

    /// <summary>Attaches a program to this network namespace, behind those that are there.</summary>
    public static LookupLink Create(LookupProgram program)
    {
        using Descriptor space = OpenNamespace();
        var options = new LinkCreateOptions { Size = (nuint)sizeof(LinkCreateOptions) };
        var link = Descriptor.FromLibBpf(
            LibBpf.LinkCreate(program.Descriptor, space.Value, LibBpf.AttachLookup, &options),
            $"bpf_link_create({EmbeddedObject.Lookup})");
        return new LookupLink(link);
    }

    /// <summary>Numbers of all such programs of this network namespace, in the order in which they are asked.</summary>
    public static uint[] ReadAttached()
    {
        using Descriptor space = OpenNamespace();
        uint* ids = stackalloc uint[MostPrograms];
        var options = new ProgramQueryOptions
        {
            Size = (nuint)sizeof(ProgramQueryOptions),
            ProgramIds = ids,
            ProgramCount = MostPrograms,
        };
        Failure.Check(
            LibBpf.ProgramQuery(space.Value, LibBpf.AttachLookup, &options), "bpf_prog_query(BPF_SK_LOOKUP)");
        return new ReadOnlySpan<uint>(ids, (int)options.ProgramCount).ToArray();
    }

    /// <summary>What the kernel says about the link.</summary>
    public LinkInfo Describe()
    {
        LinkInfo info = default;
        uint size = (uint)sizeof(LinkInfo);
        Failure.Check(LibBpf.Info(descriptor, &info, &size), $"bpf_obj_get_info_by_fd(link of {EmbeddedObject.Lookup})");
        return info;
    }

    /// <summary>Puts another program in place of the attached one: every packet meets one of them.</summary>
    public void Replace(LookupProgram program) => Failure.Check(
        LibBpf.LinkUpdate(descriptor, program.Descriptor, null), $"bpf_link_update({EmbeddedObject.Lookup})");

    /// <summary>Detaches now, whoever else has the link open or pinned.</summary>
    public void Detach()
    {
        int result = LibBpf.LinkDetach(descriptor);
        if (result != -(int)Errno.ENOLINK)
        {
            Failure.Check(result, $"bpf_link_detach({EmbeddedObject.Lookup})");
        }
    }

    /// <summary>Closes the link; a pin keeps it attached.</summary>
    public void Dispose() => descriptor.Dispose();

    private static Descriptor OpenNamespace() => new(Failure.CheckErrno(
        LibC.Open(OwnNamespace, LibC.OpenToRead, 0), $"open({OwnNamespace})"));
}
