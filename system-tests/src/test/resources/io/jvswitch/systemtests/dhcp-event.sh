# Called by a DHCP client's script hook: appends what the client says to $RECORD and configures the device, as far as a test needs.
# udhcpc gives the event as an argument and plain names (ip, mtu), dhclient gives $reason and names like new_ip_address.
event=${reason:-$1}
address=${new_ip_address:-${ip:-}}
case $event in
    PREINIT)
        ip link set "$interface" up
        ;;
    BOUND | RENEW | REBIND | REBOOT | bound | renew)
        ip address replace "$address/24" dev "$interface"
        ip link set "$interface" mtu "${new_interface_mtu:-${mtu:-1500}}"
        ;;
    deconfig | EXPIRE | RELEASE | STOP)
        ip -4 address flush dev "$interface"
        ;;
esac
{
    echo "event=$event"
    env
    echo end
} >>"$RECORD"
