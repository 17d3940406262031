using System.Runtime.InteropServices.Marshalling;

namespace Lb.Kernel.Handles;

/// <summary>Passes a descriptor as the C int it is, and keeps it open for the length of the call.</summary>
[CustomMarshaller(typeof(Descriptor), MarshalMode.ManagedToUnmanagedIn, typeof(In))]
internal static class DescriptorMarshaller
{
    public ref struct In
    {
        private Descriptor? _held;

        public void FromManaged(Descriptor descriptor)
        {
            bool added = false;
            descriptor.DangerousAddRef(ref added);
            _held = added ? descriptor : null;
        }

        public readonly int ToUnmanaged() => _held!.Value;

        public readonly void Free() => _held?.DangerousRelease();
    }
}
