using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;
using Lb.Kernel.Netlink;

namespace Lb.Kernel.Programs;

/// <summary>Looks whether a site's program is still on its interfaces and everything still pinned. Changes nothing.</summary>
/// <param name="pins">Where all is pinned.</param>
/// <param name="program">The program that is.</param>
/// <param name="carried">What the interfaces carry at the time.</param>
internal sealed class SetupCheck(SitePins pins, XdpProgram program, Func<XdpProgram> carried)
{
    private readonly uint _programId = program.ReadId();

    /// <summary>What is wrong with interfaces, each by its program, then with pins.</summary>
    public IReadOnlyList<SetupFault> Run(
        IReadOnlyCollection<AttachedInterface> interfaces, IReadOnlyDictionary<string, Descriptor> maps)
    {
        List<SetupFault> faults = [];
        uint wanted = carried().ReadId();
        using (var netlink = new NetlinkSocket())
        {
            foreach (AttachedInterface attached in interfaces)
            {
                if (Check(attached, netlink, wanted) is { } what)
                {
                    faults.Add(new SetupFault(SetupPart.Interface, attached.Name, what));
                }
                else if (attached.Link is { } link
                    && CheckPin(() => pins.OpenLink(attached.Index), IdOf(link.Describe)) is { } wrong)
                {
                    faults.Add(new SetupFault(
                        SetupPart.LinkPin, attached.Name, $"the pin of the link to {attached.Name} {wrong}"));
                }
            }
        }

        if (CheckPin(() => pins.OpenProgram(program.Name), IdOfProgram) is { } differs)
        {
            faults.Add(new SetupFault(
                SetupPart.ProgramPin, program.Name, $"the pin of the program {program.Name} {differs}"));
        }

        // Who is told of many is shown the first few.
        foreach ((string name, Descriptor map) in maps.OrderBy(map => MapNames.Rank(map.Key)).ThenBy(map => map.Key, StringComparer.Ordinal))
        {
            uint id = BpfMap.Describe(map, name).Id;
            if (CheckPin(() => pins.OpenMap(name), pinned => BpfMap.Describe(pinned, name).Id == id) is { } wrong)
            {
                faults.Add(new SetupFault(SetupPart.MapPin, name, $"the pin of the map {name} {wrong}"));
            }
        }

        return faults;
    }

    private static string? Check(AttachedInterface attached, NetlinkSocket netlink, uint wanted)
    {
        int index = Interfaces.Find(attached.Name);
        if (index == 0)
        {
            return $"interface {attached.Name} is not there";
        }

        if (index != attached.Index)
        {
            return $"interface {attached.Name} was made anew and carries no program of the site";
        }

        if (attached.Link is null)
        {
            return null;
        }

        LinkInfo link = attached.Link.Describe();
        uint there = LinkQueries.ReadXdp(netlink, index).ProgramId;
        return (link.InterfaceIndex, there) switch
        {
            (0, 0) => $"the program was detached from {attached.Name}",
            (0, _) => $"the program was detached from {attached.Name}, which carries XDP program {there} now",
            _ when link.ProgramId != wanted || there != wanted =>
                $"{attached.Name} carries XDP program {there} in place of {wanted}",
            _ => null,
        };
    }

    private static Func<Descriptor, bool> IdOf(Func<LinkInfo> describe)
    {
        uint id = describe().Id;
        return pinned =>
        {
            // Not disposed of: the descriptor is the caller's.
            var link = new XdpLink(pinned, 0);
            return link.Describe().Id == id;
        };
    }

    private bool IdOfProgram(Descriptor pinned) => new XdpProgram(program.Name, pinned).ReadId() == _programId;

    /// <summary>What is wrong with a pin; null when it is right.</summary>
    public static string? CheckPin(Func<Descriptor?> open, Func<Descriptor, bool> isOurs)
    {
        try
        {
            using Descriptor? pinned = open();
            return pinned is null ? "is gone" : isOurs(pinned) ? null : "is of something else";
        }
        catch (KernelException e)
        {
            return $"cannot be opened: {e.ErrnoName}";
        }
    }
}
