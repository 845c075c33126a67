package azure

// azureTag is the chassis asset tag in the firmware of every Azure VM.
const azureTag = "7783-7084-3265-9085-8269-3286-77"
