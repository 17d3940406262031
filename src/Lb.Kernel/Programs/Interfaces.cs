using System.Runtime.InteropServices;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Programs;

/// <summary>Names and indexes of interfaces.</summary>
internal static unsafe class Interfaces
{
    private const int NameSize = 16;

    /// <summary>Index of an interface; 0 when it is not there.</summary>
    public static int Find(string name) => (int)LibC.InterfaceIndex(name);

    /// <summary>Index of an interface, or the exception that says it is not there.</summary>
    public static int IndexOf(string name)
    {
        int index = Find(name);
        return index != 0
            ? index
            : throw new KernelException(
                $"Interface {name} is not there.",
                "Bring it up before the start, or correct lb.interfaces; 'ip link' lists what there is.");
    }

    /// <summary>Name of an interface; its index in digits when it is gone.</summary>
    public static string NameOf(int index)
    {
        byte* name = stackalloc byte[NameSize];
        return LibC.InterfaceName((uint)index, name) == 0 ? $"{index}" : Marshal.PtrToStringUTF8((nint)name)!;
    }
}
