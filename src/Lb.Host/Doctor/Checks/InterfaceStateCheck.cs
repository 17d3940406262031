using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The interfaces of the site are there, up and connected.</summary>
internal sealed class InterfaceStateCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host) => host.Node.Interfaces
        .Select(name => Examine(name, host.Facts.Interface(name)))
        .OfType<Finding>();

    private static Finding? Examine(string name, InterfaceFacts? facts) => facts switch
    {
        null => Finding.Error(
            "interface-missing",
            name,
            $"Interface {name} (lb.interfaces) is not there.",
            "lbd does not start.",
            "make it before lbd starts, or correct lb.interfaces; 'ip link' lists what there is"),
        { Up: false } => Finding.Error(
            "interface-down",
            name,
            $"Interface {name} is down.",
            "No packet comes in or goes out by it, and its routes are gone.",
            "").FixedBy(new HostFix.SetUp(name, facts.Index)),
        { Carrier: false } => Finding.Error(
            "no-carrier",
            name,
            $"Interface {name} is up and has no carrier.",
            "No packet comes in or goes out by it.",
            "look at the cable, the switch's port, or the other end of a veth; 'ip link' says LOWER_UP when it is in"),
        _ => null,
    };
}
